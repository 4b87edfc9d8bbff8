import { series, type Sample } from './sample.ts';

/** Hebrew and Arabic: the whole document is mirrored, with Latin names and numbers inside. */
export const rightToLeft: Sample[] = [
  {
    name: 'he-bakery',
    invoice: {
      series,
      issueDate: '2026-10-25',
      dueDate: '2026-11-24',
      currency: 'ILS',
      language: 'he',
      orderReference: 'PO-3307',
      seller: {
        name: 'מאפיית שקד בע״מ',
        registrationId: '510000018',
        taxNumber: '510000018',
        address: { line1: 'רחוב התאנה 14', postCode: '6100001', city: 'תל אביב–יפו', country: 'IL' },
        contact: { email: 'office@shaked-bakery.example.com' },
      },
      buyer: {
        name: 'בית קפה הנמל הישן',
        address: { line1: 'שדרות הים 3', postCode: '3100001', city: 'חיפה', country: 'IL' },
      },
      delivery: { date: '2026-10-25' },
      lines: [
        { name: 'לחם מחמצת, 900 גרם', quantity: '85', unitPrice: '19.50', taxRate: '18' },
        { name: 'עוגיות שקדים (Amaretti), מארז', quantity: '40', unit: 'XPK', unitPrice: '27.90', taxRate: '18' },
        { name: 'קמח מלא, שק', quantity: '125.5', unit: 'KGM', unitPrice: '6.40', taxRate: '18' },
      ],
      allowances: [{ reason: 'הנחת לקוח קבוע', amount: '60.00', taxRate: '18' }],
      payment: { iban: 'IL62 0108 0000 0009 9999 999', terms: 'שוטף + 30.' },
    },
  },
  {
    name: 'ar-ae-date-farm',
    invoice: {
      series,
      issueDate: '2026-10-18',
      dueDate: '2026-11-17',
      currency: 'AED',
      language: 'ar-AE',
      seller: {
        name: 'شركة واحة النخيل للتمور ذ.م.م',
        taxNumber: '100000000000018',
        registrationId: 'CN-0000018',
        address: { line1: 'شارع الواحة، مبنى ٧', city: 'العين', country: 'AE' },
        contact: { name: 'قسم الحسابات', email: 'accounts@palm-oasis.example.com' },
      },
      buyer: {
        name: 'فندق خليج اللؤلؤ',
        tradingName: 'Pearl Bay Hotel',
        taxNumber: '100000000000026',
        address: { line1: 'شارع الكورنيش ٢٢', city: 'أبوظبي', country: 'AE' },
      },
      delivery: { date: '2026-10-17' },
      lines: [
        { name: 'تمر خلاص فاخر', quantity: '120', unit: 'KGM', unitPrice: '38.50', taxRate: '5' },
        { name: 'دبس التمر، عبوة 500 مل', quantity: '200', unitPrice: '14.25', taxRate: '5' },
        { name: 'علبة هدايا (Gift box)', quantity: '60', unitPrice: '85.00', taxRate: '5' },
      ],
      payment: { iban: 'AE07 0331 2345 6789 0123 456', terms: 'الدفع خلال ٣٠ يومًا.' },
      notes: ['نشكركم على تعاملكم معنا.'],
    },
  },
  {
    name: 'ar-sa-translation',
    invoice: {
      series,
      issueDate: '2026-11-08',
      dueDate: '2026-11-23',
      currency: 'SAR',
      language: 'ar-SA',
      seller: {
        name: 'مؤسسة القلم الأزرق للترجمة',
        taxNumber: '300000000000003',
        registrationId: '1010000018',
        address: { line1: 'حي الياسمين', city: 'الرياض', postCode: '13322', country: 'SA' },
      },
      buyer: { name: 'دار الغيمة للنشر', address: { line1: 'طريق البحر 9', city: 'جدة', country: 'SA' } },
      lines: [
        { name: 'ترجمة كتاب «حديقة الرياح»', quantity: '312', unit: 'ZP', unitPrice: '65.00', taxRate: '15' },
        { name: 'مراجعة لغوية', quantity: '24', unit: 'HUR', unitPrice: '140.00', taxRate: '15' },
      ],
      prepaidAmount: '5000.00',
      payment: { iban: 'SA03 8000 0000 6080 1016 7519', terms: 'الدفع خلال 15 يومًا.' },
    },
  },
  {
    name: 'ar-kw-dinar',
    invoice: {
      series,
      issueDate: '2026-10-31',
      currency: 'KWD',
      language: 'ar',
      seller: {
        name: 'ورشة الشراع للأخشاب',
        registrationId: '0000018',
        address: { line1: 'شارع السفن 5', city: 'مدينة الكويت', country: 'KW' },
      },
      buyer: { name: 'متحف البحارة', address: { line1: 'ساحة الميناء', city: 'السالمية', country: 'KW' } },
      lines: [{ name: 'ترميم قارب خشبي', quantity: '1', unit: 'LS', unitPrice: '2450.75', taxCategory: 'O' }],
    },
  },
];
